export const checkFormats = ['text', 'github', 'gitlab', 'sarif', 'markdown'] as const

/** Output format of `mig check`. */
export type CheckFormat = (typeof checkFormats)[number]
