// The colours the shop sells things in, and the paper each is photographed on.

export const COLOURS = {
  milk: { colour: '#f1ede2', trim: '#2747a8', paper: '#9db3df' },
  cobalt: { colour: '#2f52bd', trim: '#1b2f7a', paper: '#f0d68c' },
  moss: { colour: '#6f7f4c', trim: '#4c5a30', paper: '#efcfc2' },
  rust: { colour: '#bf5a35', trim: '#8c3a1e', paper: '#bfd4de' },
  butter: { colour: '#eec863', trim: '#2747a8', paper: '#c6c0de' },
  ink: { colour: '#333a52', trim: '#1d2236', paper: '#bccfb9' },
  beech: { colour: '#d9ab72', trim: '#a97b43', paper: '#c3d3d6' },
  walnut: { colour: '#7d5335', trim: '#4f3120', paper: '#ead9b4' },
  clear: { colour: '#cfe3e4', trim: '#ffffff', paper: '#86a8a6' },
  smoke: { colour: '#8d8478', trim: '#ddd6cb', paper: '#ebd8c3' },
  bottle: { colour: '#4f8a63', trim: '#cfe5d3', paper: '#efe2b6' },
  steel: { colour: '#6d7480', trim: '#3d434e', paper: '#e3bfa8' },
  flax: { colour: '#cdb68c', trim: '#a08858', paper: '#a9c0b4' },
  brass: { colour: '#d8a53c', trim: '#9b7120', paper: '#e6b7a2' },
}

export const CLAY = '#c39a74'
export const BRASS = '#dfae45'
export const STEEL = '#c9cfd6'
export const BEECH = COLOURS.beech.colour
