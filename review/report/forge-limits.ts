/** The most characters that a comment may have, by forge (their API documentation). */
export const FORGE_LIMITS = { github: 65_536, gitlab: 1_000_000 } as const;
