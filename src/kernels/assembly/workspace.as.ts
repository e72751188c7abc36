/** Memory of one thread: every thread has an instance of its own, and with it a global of its own. */
let address: usize = 0

/** Bytes of a workspace: panels and tables of one block fit into the second cache with room to spare. */
export const WORKSPACE_BYTES: i32 = 256 * 1024

/** Gives this instance its workspace, 16-byte aligned. */
export function setWorkspace(start: usize): void {
  address = start
}

@inline
export function workspace(): usize {
  return address
}
