/** The one element inside `root` that carries the name: pages, styles and tests find it the same way. */
export function part(root, name) {
  return root.querySelector(`[data-test="${name}"]`)
}

/** A fresh copy of a template's only element. */
export function copyOf(templateId) {
  return document.getElementById(templateId).content.firstElementChild.cloneNode(true)
}
