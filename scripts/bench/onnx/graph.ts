/** An ONNX graph under construction, and the file it becomes (onnx.proto, opset 17). */
import { Message } from './protobuf'

const IR_VERSION = 8
const OPSET = 17
const FLOAT = 1
const INT64 = 7

type Attribute = number | string | number[]

export class OnnxGraph {
  private readonly nodes: Message[] = []
  private readonly initializers: Message[] = []
  private readonly operators: string[] = []

  /** Names of the operators in order. */
  get operatorNames(): readonly string[] {
    return this.operators
  }

  /** Adds a node and returns the name of its output. An empty input name leaves an optional input out. */
  node(operator: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}): string {
    const output = `${operator.toLowerCase()}${this.nodes.length}`
    const message = new Message()
    for (const input of inputs) message.text(1, input)
    message.text(2, output).text(3, output).text(4, operator)
    for (const [name, value] of Object.entries(attributes)) message.message(5, attribute(name, value))
    this.nodes.push(message)
    this.operators.push(operator)
    return output
  }

  floats(name: string, shape: readonly number[], values: Float32Array): string {
    return this.tensor(name, FLOAT, shape, values)
  }

  integers(name: string, values: readonly number[]): string {
    return this.tensor(name, INT64, [values.length], BigInt64Array.from(values, BigInt))
  }

  file(
    input: [name: string, shape: readonly number[]],
    output: [name: string, shape: readonly number[]],
  ): Uint8Array<ArrayBuffer> {
    const graph = new Message()
    for (const node of this.nodes) graph.message(1, node)
    graph.text(2, 'network')
    for (const initializer of this.initializers) graph.message(5, initializer)
    graph.message(11, valueInfo(...input)).message(12, valueInfo(...output))
    return new Message()
      .int(1, IR_VERSION)
      .message(7, graph)
      .message(8, new Message().text(1, '').int(2, OPSET))
      .bytes()
  }

  private tensor(name: string, type: number, shape: readonly number[], values: Float32Array | BigInt64Array): string {
    const message = new Message()
    for (const extent of shape) message.int(1, extent)
    message.int(2, type).text(8, name)
    message.raw(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    this.initializers.push(message)
    return name
  }
}

function attribute(name: string, value: Attribute): Message {
  const message = new Message().text(1, name)
  if (typeof value === 'number') return message.int(3, value).int(20, 2)
  if (typeof value === 'string') return message.text(4, value).int(20, 3)
  for (const item of value) message.int(8, item)
  return message.int(20, 7)
}

function valueInfo(name: string, shape: readonly number[]): Message {
  const dimensions = new Message()
  for (const extent of shape) dimensions.message(1, new Message().int(1, extent))
  const type = new Message().int(1, FLOAT).message(2, dimensions)
  return new Message().text(1, name).message(2, new Message().message(1, type))
}
