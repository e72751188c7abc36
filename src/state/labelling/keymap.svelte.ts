const STORAGE_KEY = 'cpral-studio/keys'

/** A person's own keys by command id, kept in this browser. A command without an entry has its usual keys. */
export class Keymap {
  own = $state.raw<Readonly<Record<string, readonly string[]>>>(read())

  keysOf(command: { id: string; keys: readonly string[] }): readonly string[] {
    return this.own[command.id] ?? command.keys
  }

  /** Gives a command a key in place of its others. Returns the commands that lose the key. */
  give<Command extends { id: string; keys: readonly string[] }>(
    key: string,
    commandId: string,
    commands: readonly Command[],
  ): Command[] {
    const robbed = commands.filter((command) => command.id !== commandId && this.keysOf(command).includes(key))
    const without = robbed.map((command) => [command.id, this.keysOf(command).filter((each) => each !== key)])
    this.own = { ...this.own, ...Object.fromEntries(without), [commandId]: [key] }
    this.#write()
    return robbed
  }

  reset() {
    this.own = {}
    this.#write()
  }

  #write() {
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(this.own))
    } catch {
      // The storage is full or forbidden: the keys hold until the page is left.
    }
  }
}

/** The stored keymap, without entries that are none: anybody may have written to the storage. */
function read(): Record<string, string[]> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}')
    if (typeof stored !== 'object' || stored === null) return {}
    const isKeys = (keys: unknown): keys is string[] =>
      Array.isArray(keys) && keys.every((key) => typeof key === 'string')
    return Object.fromEntries(Object.entries(stored).filter(([, keys]) => isKeys(keys))) as Record<string, string[]>
  } catch {
    return {}
  }
}
