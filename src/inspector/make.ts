/** Makes an element. What is in it is text or other elements, never markup. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value)
  element.append(...children)
  return element
}

/** Writes a text unless it is there: a selection in it stays. */
export function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}
