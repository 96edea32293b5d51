// Vite compiles JSX by itself. The pictures lie with those of the script-tag shop, so there is no folder to copy.
export default { publicDir: false }
