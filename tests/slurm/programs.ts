/** Slurm's programs on this machine, installed first where they are missing. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const PROGRAMS = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'srun', 'scontrol', 'scancel', 'squeue', 'sinfo'] as const

export type SlurmProgram = (typeof PROGRAMS)[number]

/** Full path of a program, or null. Daemons lie in folders that PATH of people who are not root leaves out. */
function findProgram(name: SlurmProgram): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin']
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null
}

function missing(): SlurmProgram[] {
  return PROGRAMS.filter((name) => !findProgram(name))
}

function installSlurm(): void {
  console.log('Slurm is missing: installing the Debian packages slurm-wlm and munge.')
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const
  spawnSync('apt-get', ['update'], options)
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'slurm-wlm', 'munge'], options)
}

/** Full path of each program of Slurm and of munge. @throws Error naming those that are missing and cannot be installed */
export function slurmPrograms(): Record<SlurmProgram, string> {
  if (missing().length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) installSlurm()
  const stillMissing = missing()
  if (stillMissing.length > 0) {
    throw new Error(
      `This test needs Slurm, and ${stillMissing.join(', ')} cannot be found. Install the packages slurm-wlm and munge ` +
        '(Debian, Ubuntu), or run the test as root there, and it installs them itself.',
    )
  }
  return Object.fromEntries(PROGRAMS.map((name) => [name, findProgram(name)])) as Record<SlurmProgram, string>
}
