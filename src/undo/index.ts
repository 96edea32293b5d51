export { createUndo, type Undo, type UndoOptions, type UndoState, type UndoStep } from './undo.ts'
export type { UndoStorage } from './keeping.ts'
