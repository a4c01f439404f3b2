/** Why a deployment is refused that is not the one that was approved. */
export function notApproved(fingerprint: string, approved: string): string {
  return `what would be deployed is not what was approved: the preview's fingerprint is ${fingerprint}, not ${approved}; review it again`;
}
