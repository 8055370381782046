/** Returns a text with the passwords of URLs in it hidden. */
export function hidePasswords(text: string): string {
  return text.replaceAll(/(?<before>\b[a-z][a-z+.-]*:\/\/[^\s:/@]*:)[^\s@]*(?=@)/gi, '$<before>***')
}
