/** Whether Node compiles enums and the like by itself, which it does before version 26. */
export const nodeCompiles = Number(process.versions.node.split('.')[0]) < 26
