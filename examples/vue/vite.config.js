import vue from '@vitejs/plugin-vue'

// The pictures lie with those of the script-tag shop, so there is no folder to copy, and addresses of images stay.
export default { publicDir: false, plugins: [vue({ template: { transformAssetUrls: false } })] }
