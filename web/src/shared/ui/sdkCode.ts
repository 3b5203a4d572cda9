// What begins to report in a mini program.
export const sdkCode = (server: string, key: string) => `const miniops = require('./miniops.js');\n\nminiops.init({\n  server: '${server}',\n  key: '${key}',\n});`;
