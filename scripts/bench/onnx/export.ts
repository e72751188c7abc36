/**
 * A network as an ONNX file, batch normalisation folded in. The layers come through the executor; what lies between them is
 * recorded from the kernels that the forward pass calls. Only shapes are computed, so tfjs' CPU backend will do.
 */
import '@tensorflow/tfjs' // Brings that backend.
import * as tf from '@tensorflow/tfjs-core'
import type { Size } from '../../../src/domain/size'
import { BN_EPSILON } from '../../../src/model/executors'
import { type ConvBnLayer, type Executor, padding } from '../../../src/model/layers'
import { forwardSegmentation, type Network } from '../../../src/model/network'
import type { NamedArray, NamedArrays } from '../../../src/weights/safetensors'
import { OnnxGraph } from './graph'

export interface OnnxFile {
  bytes: Uint8Array<ArrayBuffer>
  /** Names of its operators, for tests. */
  operators: readonly string[]
}

class Recorder {
  readonly graph = new OnnxGraph()
  private readonly names = new Map<object, string>()

  constructor(private readonly weights: NamedArrays) {}

  name(tensor: tf.TensorInfo, name: string): void {
    this.names.set(tensor.dataId, name)
  }

  nameOf(tensor: tf.TensorInfo): string {
    const name = this.names.get(tensor.dataId)
    if (!name) throw new Error(`The forward pass made a tensor [${tensor.shape}] that was not recorded.`)
    return name
  }

  /** A tensor of that shape, standing for the output of a node. */
  standIn(shape: number[], name: string): tf.Tensor4D {
    const tensor = tf.zeros<tf.Rank.R4>(shape as tf.Tensor4D['shape'])
    this.name(tensor, name)
    return tensor
  }

  array(name: string): NamedArray {
    const found = this.weights.get(name)
    if (!found) throw new Error(`No weights for ${name}.`)
    return found
  }

  /** Filter and bias of a layer whose running statistics are the initial ones: mean 0, variance 1. */
  folded(layer: ConvBnLayer): [filter: string, bias: string] {
    const { shape, values } = this.array(`${layer.conv}.weight`)
    const gamma = this.array(`${layer.norm}.weight`).values
    const perOutput = values.length / layer.outChannels
    const scaled = values.map((value, i) => (value * gamma[Math.floor(i / perOutput)]) / Math.sqrt(1 + BN_EPSILON))
    return [
      this.graph.floats(`${layer.conv}.weight`, shape, scaled),
      this.graph.floats(`${layer.norm}.bias`, [layer.outChannels], this.array(`${layer.norm}.bias`).values),
    ]
  }

  /** Kernels between the layers. Maps are NCHW in the file. */
  kernel(name: string, inputs: tf.NamedTensorMap, output: tf.Tensor): void {
    const { graph } = this
    const input = () => this.nameOf(inputs.x ?? inputs.images)
    if (name === 'Add') this.name(output, graph.node('Add', [this.nameOf(inputs.a), this.nameOf(inputs.b)]))
    else if (name === 'ChannelSums') this.name(output, graph.node('GlobalAveragePool', [input()]))
    else if (name === 'Concat') {
      const parts = Object.values(inputs).map((part) => this.nameOf(part))
      this.name(output, graph.node('Concat', parts, { axis: 1 }))
    } else if (name === 'ChannelBroadcast') {
      this.name(output, graph.node('Tile', [input(), this.repeats(output.shape)]))
    } else if (name === 'ResizeBilinear') this.name(output, this.resize(input(), output.shape))
    else if (name === 'Identity' || name === 'Reshape') this.name(output, input())
    else if (name !== 'Fill') throw new Error(`The export knows no ${name}.`)
  }

  /** Of one pixel. */
  private repeats([, height, width]: number[]): string {
    return this.graph.integers(`repeats${this.graph.operatorNames.length}`, [1, 1, height, width])
  }

  private resize(input: string, [batch, height, width, channels]: number[]): string {
    const sizes = this.graph.integers(`sizes${this.graph.operatorNames.length}`, [batch, channels, height, width])
    const attributes = { mode: 'linear', coordinate_transformation_mode: 'align_corners' }
    return this.graph.node('Resize', [input, '', '', sizes], attributes)
  }
}

function recordingExecutor(recorder: Recorder): Executor {
  const { graph } = recorder
  return {
    convBn: (layer, x) => {
      const [batch, height, width] = x.shape
      const p = padding(layer)
      const convolved = graph.node('Conv', [recorder.nameOf(x), ...recorder.folded(layer)], {
        kernel_shape: [layer.kernel, layer.kernel],
        strides: [layer.stride, layer.stride],
        dilations: [layer.dilation, layer.dilation],
        pads: [p, p, p, p],
        group: layer.isDepthwise ? layer.inChannels : 1,
      })
      const extent = (length: number) =>
        Math.floor((length + 2 * p - layer.dilation * (layer.kernel - 1) - 1) / layer.stride) + 1
      const shape = [batch, extent(height), extent(width), layer.outChannels]
      return recorder.standIn(shape, activated(graph, convolved, layer))
    },
    classify: ({ name, outChannels }, x) => {
      const { shape, values } = recorder.array(`${name}.weight`)
      const filter = graph.floats(`${name}.weight`, shape, values)
      const bias = graph.floats(`${name}.bias`, [outChannels], recorder.array(`${name}.bias`).values)
      const logits = graph.node('Conv', [recorder.nameOf(x), filter, bias], { kernel_shape: [1, 1] })
      return recorder.standIn([...x.shape.slice(0, 3), outChannels], logits)
    },
    dropout: (_layer, x) => x,
  }
}

function activated(graph: OnnxGraph, convolved: string, { activation, conv }: ConvBnLayer): string {
  if (activation === 'none') return convolved
  if (activation === 'relu') return graph.node('Relu', [convolved])
  const least = graph.floats(`${conv}.least`, [], Float32Array.of(0))
  const most = graph.floats(`${conv}.most`, [], Float32Array.of(6))
  return graph.node('Clip', [convolved, least, most])
}

/** Shapes of what our own kernels give. */
const SHAPES: Record<string, (map: number[], attrs: { height: number; width: number }) => number[]> = {
  ChannelSums: ([batch, , , channels]) => [batch, channels],
  ChannelBroadcast: ([batch, , , channels], { height, width }) => [batch, height, width, channels],
}
for (const [kernelName, shapeOf] of Object.entries(SHAPES)) {
  tf.registerKernel({
    kernelName,
    backendName: 'cpu',
    kernelFunc: ({ inputs, attrs }) =>
      tf.zeros(shapeOf(inputs.x?.shape ?? [], attrs as unknown as { height: number; width: number })),
  })
}

/** Input `image` [1, H, W, 3], output `logits` [1, H/4, W/4, classes]; both as on the device, channels last. */
export function exportOnnx(network: Network, weights: NamedArrays, { height, width }: Size): OnnxFile {
  const recorder = new Recorder(weights)
  const { graph } = recorder
  const engine = tf.engine()
  const original = engine.runKernel
  const shapes = tf.tidy(() => {
    const image = recorder.standIn([1, height, width, 3], graph.node('Transpose', ['image'], { perm: [0, 3, 1, 2] }))
    engine.runKernel = (name, inputs, attrs) => {
      const output = original.call(engine, name, inputs, attrs) as tf.Tensor
      recorder.kernel(name, inputs as tf.NamedTensorMap, output)
      return output as never
    }
    try {
      const { logits } = forwardSegmentation(network, recordingExecutor(recorder), image)
      return { input: image.shape, output: logits.shape, name: recorder.nameOf(logits) }
    } finally {
      engine.runKernel = original
    }
  })
  const output = graph.node('Transpose', [shapes.name], { perm: [0, 2, 3, 1] })
  return { bytes: graph.file(['image', shapes.input], [output, shapes.output]), operators: graph.operatorNames }
}
