/** Whether a type of the engine is that of an object of some plan, and of nothing of the engine's own. */
export function isObjectType(type: string): boolean {
  return type.startsWith('kubernetes:') || type.startsWith('beamline:');
}
