// Package compat speaks the languages of other agents, for pages that can't be
// changed at once: the NHSO Secure SmartCard Agent and go-thai-smartcard, each on
// a port of its own. The names of fields are theirs and the guard is ours
// (thai-id-card §13, agent-security §14).
//
// It is for the command that serves. [Ports] is one for all of them: [New] makes
// it over a counter, [Ports.Server] gives the server of one agent's port,
// [RegisterConsole] puts into our own server what the clerk needs, and [Ports.Run]
// follows the readers while they serve:
//
//	ports, err := compat.New(compat.Options{Desk: desk, Arms: desk, Problems: problems, Log: log})
//	compat.RegisterConsole(server, ports)
//	nhso, err := ports.Server(compat.NHSO, 8189, api.Options{Origins: desk, Gates: logins.Gates(), …})
//	go ports.Run(ctx)
//	err = nhso.Serve(ctx, listeners)
//
// These ports are the weaker mode: nothing is signed, one of them hands a person to
// a GET, and no preflight stands before that, so the check of Origin bears
// everything. What a card says is read by the counter, with the same turns and the
// same one answer an insertion as by our own API. It keeps nothing but the answer
// that pages poll for, in memory and for a minute at most; it speaks no socket.io,
// and it knows nothing that NHSO has online: rights, hospitals, claim codes.
package compat
