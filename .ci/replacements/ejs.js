// oclif renders help and versions as EJS, which mig's have none of.
export default {render}

function render(template) {
  if (template.includes('<%')) throw new Error(`This text is a template: ${template}`)
  return template
}
