// Package rp is a relying party to test against: a web site with a page, a backend
// and a key, which asks the agent on the visitor's machine to fill a form or to
// prove who stands at the counter, and then checks the proof step by step and says
// what it found (proof §6). It is for web developers who want to see both roads
// work, and for this project's own tests, where it stands for an outside party: it
// knows the public formats and nothing of the agent.
//
// It does what a real backend must, and in that order: it signs a request inside
// its own session, behind its own check against forged calls, and chooses purpose,
// fields and needs itself; it keeps the nonce in that session and takes it out
// once; it believes keys from its configuration alone. What comes back over the
// page road is bounded, held for a minute under a handle that is good once, and
// judged only in the session that asked.
//
// It is no site to build on: sessions live in memory, nobody logs in, and it trusts
// results of test mode alone.
//
//	site, err := rp.New(rp.Options{
//		Origin:    "http://localhost:8000",
//		Agent:     "http://localhost:8731",
//		Key:       key,
//		AgentKeys: func() ([]byte, error) { return os.ReadFile("agent.json") },
//		Clock:     time.Now,
//		Log:       log,
//	})
//	set := site.Keys() // for chipproof origin add --jwks
//	server := http.Server{Handler: site}
package rp
