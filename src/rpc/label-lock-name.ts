/** The web lock of whoever may change a project's labels: a tab at the label table, or the data worker while it takes masks. */
export function labelLockName(projectId: string): string {
  return `cpral-studio/labels/${projectId}`
}
