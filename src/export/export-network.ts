/** A run's trained network as a file for other tools. */
import type { ExportedNetwork } from '../domain/run'
import { IMAGENET } from '../domain/weights'
import { loadCheckpoint } from '../storage/checkpoints'
import type { Database } from '../storage/database'
import { getProject } from '../storage/projects'
import { getRun } from '../storage/runs'
import { networkOf } from '../weights/checkpoint-names'
import { readSafetensors, writeSafetensors } from '../weights/safetensors'

/**
 * Parameters and running statistics of the newest checkpoint, averaged where the run averages them: float32 arrays in PyTorch's layout (filters [out, in,
 * height, width]), encoder names as in torchvision or fyu's DRN. The file's metadata says how to use them. null before
 * the first epoch.
 */
export async function exportNetwork(db: Database, runId: string): Promise<ExportedNetwork | null> {
  const checkpoint = await loadCheckpoint(db, runId)
  if (!checkpoint) return null
  const run = await getRun(db, runId)
  const { classes } = await getProject(db, run.projectId)
  const { round, epoch } = checkpoint
  const arrays = networkOf(readSafetensors(checkpoint.bytes, 'checkpoint'))
  const metadata = {
    format: 'pt',
    source: 'CPRAL Studio',
    classes: JSON.stringify(classes.slice(0, run.classCount).map(({ name }) => name)),
    network: JSON.stringify(run.config.network),
    input: JSON.stringify({ ...run.config.size, channels: 'RGB', ...IMAGENET }),
    round: String(round),
    epochs: String(epoch),
  }
  return { file: new Blob([writeSafetensors(arrays, metadata)]), round, epoch }
}
