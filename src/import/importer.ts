/** All that the data worker needs of this room, in one module: it is loaded when somebody first drops something. */
export { readClassList } from './class-files/class-list'
export { unzip } from './files/unzip'
export { importFolder } from './import-folder'
export { previewClass, previewFile, previewPair } from './preview'
export { scanFolder } from './scan-folder'
