// The one that oclif has is for an older string-width.
import stringWidth from 'string-width'

export default (text) => Math.max(...text.split('\n').map((line) => stringWidth(line)))
