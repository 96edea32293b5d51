// Solid makes the elements of a component from a string, once: `template.innerHTML = html`. Where the page's policy says
// `require-trusted-types-for 'script'` that string has to come from a Trusted Types policy, which Solid 1.9 has none of.
// So this is the runtime of the compiled components, with a `template` that has one. A page without that rule does not
// need this file, nor the `moduleName` in vite.config.js.
export * from 'solid-js/web'

interface Policy {
  createHTML(html: string): string
}

declare global {
  // Missing in browsers without Trusted Types.
  var trustedTypes: { createPolicy(name: string, policy: Policy): Policy } | undefined
}

const policy = globalThis.trustedTypes?.createPolicy('solid', { createHTML: html => html })

/** What the compiler calls for each piece of markup; the markup is the source's own, and values never get into it. */
export function template(html: string, isImportNode: boolean, isSvg: boolean): () => Node {
  let node: Node | undefined
  function create(): Node {
    const element = document.createElement('template')
    element.innerHTML = policy?.createHTML(html) ?? html
    const first = element.content.firstChild!
    return isSvg ? first.firstChild! : first
  }
  return () => {
    node ??= create()
    return isImportNode ? document.importNode(node, true) : node.cloneNode(true)
  }
}
