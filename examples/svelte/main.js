import { mount } from 'svelte'
import '../shared/shop.css'
import Shop from './Shop.svelte'

mount(Shop, { target: document.getElementById('root') })
