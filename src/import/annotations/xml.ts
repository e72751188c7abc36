/** XML as a tree of elements: the one place that knows the parser. It reads no entities of a file's own, and no other files. */
import { parseXml, XmlElement } from '@rgrove/parse-xml'

/** The root element; null for what is not well-formed, or nested too deep. */
export function xmlRoot(text: string): XmlElement | null {
  try {
    return parseXml(text).root
  } catch (error) {
    // The parser throws plain errors about the text, and runs out of stack where thousands of elements are nested.
    if (error instanceof Error) return null
    throw error
  }
}

export function childrenOf(element: XmlElement): XmlElement[] {
  return element.children.filter((child) => child instanceof XmlElement)
}

/** Elements of this name inside of an element, at any depth, in their order. */
export function elementsOf(element: XmlElement, name: string): XmlElement[] {
  return childrenOf(element).flatMap((child) => (child.name === name ? [child] : elementsOf(child, name)))
}

/** Text of the first child of this name; empty when there is none. */
export function textOf(element: XmlElement, name: string): string {
  return (
    childrenOf(element)
      .find((child) => child.name === name)
      ?.text.trim() ?? ''
  )
}
