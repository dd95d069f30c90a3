package main

import (
	"context"

	js "chipproof/api/client" // a test of this package has a client of its own
	"chipproof/cmd/internal/program"
)

// clientJSCmd prints the module by which web pages ask the agent.
type clientJSCmd struct {
	Types bool `help:"Print its TypeScript declarations instead."`
}

// Help is the long text of `client-js --help`.
func (clientJSCmd) Help() string {
	return `One ES module without dependencies, for your own site to host: chipproof client-js > chipproof.js. The agent serves it to nobody. The same file is the npm package in api/client.`
}

func (c *clientJSCmd) Run(_ context.Context, p *program.Program) error {
	text := js.Script()
	if c.Types {
		text = js.Types()
	}
	_, err := p.Out.Write(text)
	return err
}
