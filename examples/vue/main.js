import { createApp } from 'vue'
import '../shared/shop.css'
import Shop from './shop.vue'

createApp(Shop).mount('#root')
