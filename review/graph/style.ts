/** Colours with a contrast of at least 4.5 to 1 on their ground. What a colour says, a word, a line or a shape says as well. */
export const STYLE = `
svg { background: #fff; }
text { font: 12px system-ui, "DejaVu Sans", sans-serif; fill: #1b1f24; }
.title { font-weight: 600; } .line { fill: #4b5563; } .head { font-size: 20px; font-weight: 700; } .sub { fill: #4b5563; font-size: 13px; }
.group rect { fill: #f6f8fa; stroke: #b6bec8; } .group .title { font-size: 14px; font-weight: 700; } .group .line { font-size: 11px; }
.shape { fill: #fff; stroke: #57606a; stroke-width: 1.2; }
.workload .shape { fill: #eaf2fd; stroke: #1f5fae; }
.expected .shape { fill: #fff; stroke: #1f5fae; stroke-dasharray: 5 3; }
.data .shape { fill: #eef7ee; stroke: #2c6e36; }
.door .shape { fill: #fff6e5; stroke: #8a5a00; }
.outside .shape { fill: #fff; stroke: #1b1f24; stroke-dasharray: 2 3; }
.public .shape { fill: #fde8d7; stroke: #a33b00; stroke-width: 2.5; } .public .badge { fill: #a33b00; font-weight: 700; }
.internal .badge { fill: #6d4600; font-weight: 700; }
.privileged .shape { stroke: #b3261e; stroke-width: 3.5; } .privileged .badge { fill: #b3261e; font-weight: 700; }
.arrow { fill: none; stroke: #57606a; stroke-width: 1.3; }
.enters { stroke: #a33b00; stroke-width: 2.2; } .calls { stroke: #1f5fae; stroke-width: 1.6; }
.may-reach { stroke: #6b7280; stroke-dasharray: 4 4; } .keeps { stroke: #2c6e36; stroke-dasharray: 1.5 3; stroke-width: 2; stroke-linecap: round; }
marker path { fill: #57606a; stroke: none; }
`;
