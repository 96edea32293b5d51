// Only bundles: the page is plain ES modules. The pictures lie with those of the script-tag shop.
export default { publicDir: false }
