/** The element of the page, or of a row, that carries the name. */
export function part(name, root = document) {
  return root.querySelector(`[data-test="${name}"]`)
}

/** A fresh copy of a template's only element. */
export function copyOf(templateId) {
  return document.getElementById(templateId).content.firstElementChild.cloneNode(true)
}
