// Your MiniOps; its domain is among the mini program's request domains.
module.exports = 'https://ops.example.com';
