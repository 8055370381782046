/** Returns a text with the passwords of all URLs in it hidden, in their parameters, too. */
export function hidePasswords(text: string): string {
  // Up to the last @ of the word, so a password with an unescaped @ is hidden as a whole.
  return text
    .replaceAll(/(?<before>\b[a-z][a-z+.-]*:\/\/[^\s:/@'"]*:)[^\s'"]*(?=@)/gi, '$<before>***')
    .replaceAll(/(?<before>[?&](?:ssl)?(?:password|passphrase|authToken|token)=)[^\s&'"#]+/gi, '$<before>***')
}
