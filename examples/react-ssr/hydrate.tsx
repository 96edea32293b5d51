import { StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { Shop } from '../react/shop.tsx'
import '../shared/shop.css'

// The first render agrees with the server's, whatever is stored here: `useStore` of the page asks for the stores' first
// snapshot. The cart follows as soon as it is loaded.
hydrateRoot(
  document.getElementById('root')!,
  <StrictMode>
    <Shop />
  </StrictMode>,
)
