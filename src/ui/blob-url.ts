import type { Attachment } from 'svelte/attachments'

/** Shows a Blob in an <img>, and revokes its object URL when the image leaves the page. */
export function showBlob(blob: Blob): Attachment<HTMLImageElement> {
  return (image) => {
    const url = URL.createObjectURL(blob)
    image.src = url
    return () => URL.revokeObjectURL(url)
  }
}
