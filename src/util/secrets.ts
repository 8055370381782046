/** Returns a text with the passwords of all URLs in it hidden, in their parameters, too. */
export function hidePasswords(text: string): string {
  // As far as the last @ of the word: whoever forgets to escape one in a password must not find half of it printed.
  return text
    .replaceAll(/(?<before>\b[a-z][a-z+.-]*:\/\/[^\s:/@'"]*:)[^\s'"]*(?=@)/gi, '$<before>***')
    .replaceAll(/(?<before>[?&](?:ssl)?(?:password|passphrase|authToken|token)=)[^\s&'"#]+/gi, '$<before>***')
}
