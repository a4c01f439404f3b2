/** What `beamline preview` prints. */
export const PREVIEW_FORMATS = ['text', 'json', 'markdown', 'html'] as const;

/** What `beamline render` prints. */
export const RENDER_FORMATS = ['yaml', 'json'] as const;

/** What `beamline graph` prints. */
export const GRAPH_FORMATS = ['svg', 'json'] as const;
