import {connect, createServer} from 'node:net'
import type {AddressInfo, Server, Socket} from 'node:net'

/** What happens to a connection: it reaches the server, is closed at once, is never answered, or meets a limit later. */
export type Passage =
  | 'open'
  | 'dropped'
  | 'silent'
  /** It is cut at its first query. */
  | 'cut at a query'
  /** Its first query never reaches the server. */
  | 'silent at a query'
  /** It reaches the server, even if the gate is stalled. */
  | 'always open'
  /** It reaches the server, and is never closed from the other side. */
  | 'never closed'

/** A TCP server in front of another one, which lets connections through or not. */
export class Gate {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #count = 0
  #isStalled = false
  #delay = 0

  private constructor(server: Server) {
    this.#server = server
  }

  /**
   * Opens a gate on a free port.
   *
   * @param port of the server behind it
   * @param passageOf what becomes of the n-th connection, from 1
   */
  static async open(port: number, passageOf: (n: number) => Passage): Promise<Gate> {
    const server = createServer({allowHalfOpen: true})
    const gate = new Gate(server)
    server.on('connection', (socket) => gate.#admit(socket, port, passageOf(++gate.#count)))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    return gate
  }

  /** How many connections there have been. */
  get count(): number {
    return this.#count
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Lets nothing through any more, and keeps all connections open. */
  stall(): void {
    this.#isStalled = true
  }

  /** Lets everything through that much later, in milliseconds. */
  delay(milliseconds: number): void {
    this.#delay = milliseconds
  }

  /** Cuts all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Returns a URL of the server, through the gate. */
  urlOf(url: string): string {
    const through = new URL(url)
    through.hostname = '127.0.0.1'
    through.port = String(this.port)
    return through.href
  }

  close(): void {
    this.cut()
    this.#server.close()
  }

  #admit(socket: Socket, port: number, passage: Passage): void {
    this.#track(socket)
    if (passage === 'dropped') return void socket.destroy()
    if (passage === 'silent' || (this.#isStalled && passage !== 'always open')) return void socket.resume()
    const behind = connect(port, '127.0.0.1')
    this.#track(behind)
    behind.on('close', () => passage !== 'never closed' && socket.destroy())
    const pass = (to: Socket, data: Buffer): void => {
      if (this.#isStalled && passage !== 'always open') return
      if (this.#delay === 0) to.write(data)
      else setTimeout(() => to.write(data), this.#delay)
    }
    behind.on('data', (data) => pass(socket, data))
    socket.on('close', () => behind.destroy())
    socket.on('end', () => behind.end())
    socket.on('data', (data) => {
      // The client of PostgreSQL sends a simple query as Q, and one with parameters as P (parse); that of MySQL as the first
      // packet (number 0) of an exchange, with the command 3.
      const isQuery = data[0] === 0x51 || data[0] === 0x50 || (data[3] === 0 && data[4] === 3)
      if (isQuery && passage === 'cut at a query') socket.destroy()
      else if (!isQuery || passage !== 'silent at a query') pass(behind, data)
    })
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => this.#sockets.delete(socket))
  }
}
