package proofing_test

import (
	"context"
	"net"

	"github.com/stretchr/testify/require"

	"chipproof/proofing/issuer"
	"chipproof/simulator"
	"chipproof/simulator/dopa"
)

// asksIssuer sets up the issuer's service for a desk: the real client over TLS on
// loopback, and a service that knows these people.
func (d *desk) asksIssuer(people ...simulator.Person) *dopa.Service {
	d.t.Helper()
	service, err := dopa.New(dopa.Options{People: people})
	require.NoError(d.t, err)
	authority, err := dopa.NewAuthority(d.office.Clock.Now())
	require.NoError(d.t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(d.t, err)
	served := make(chan error, 1)
	ctx, stop := context.WithCancel(context.Background())
	go func() { served <- service.Serve(ctx, listener, authority, dopa.AnyClient) }()
	d.t.Cleanup(func() {
		stop()
		require.NoError(d.t, <-served)
	})
	d.prover.Issuer, err = issuer.New(issuer.Options{
		URL: "https://" + listener.Addr().String() + "/CheckCardStatus/CheckCardService.asmx", CA: authority.Pool(), Now: d.office.Clock.Now, Log: d.prover.Log,
	})
	require.NoError(d.t, err)
	return service
}

func fault(d *desk, service *dopa.Service, plan string) {
	d.t.Helper()
	parsed, err := dopa.ParsePlan([]byte(plan))
	require.NoError(d.t, err)
	require.NoError(d.t, service.SetPlan(parsed))
}
