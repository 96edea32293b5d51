import { render } from 'solid-js/web'
import '../shared/shop.css'
import { Shop } from './shop.tsx'

render(() => <Shop />, document.getElementById('root')!)
