package api

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnApprovedSiteIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, testOptions(), nil)
		a := b.do(t, post("/v1/things", `{"name":"chair"}`))
		assert.Equal(t, 200, a.StatusCode)
		assert.Equal(t, `{"name":"chair"}`+"\n", a.text)
		assert.Equal(t, site, a.Header.Get("Access-Control-Allow-Origin"))
		b.end(t)
	})
}

func TestAClientSlowWithItsHeadersIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, testOptions(), nil)
		conn := b.conns.dial()
		begun := time.Now()
		_, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: localhost:8731\r\nX-Slow: ")
		require.NoError(t, err)
		got, err := io.ReadAll(conn)
		require.NoError(t, err)
		assert.Empty(t, got, "no answer, 408 least of all")
		assert.Equal(t, 5*time.Second, time.Since(begun))
		b.end(t)
	})
}

func TestAClientSlowWithItsBodyGets400AndNever408(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, testOptions(), nil)
		begun := time.Now()
		a := b.do(t, request("POST", "/v1/things", "Origin: "+site, "Content-Type: application/json", "Content-Length: 100")+`{"name":`)
		assert.Equal(t, 400, a.StatusCode)
		assert.Equal(t, "body_invalid", a.code())
		assert.True(t, a.Close, "the rest of that body is not waited for")
		assert.Equal(t, 5*time.Second, time.Since(begun))
		b.end(t)
	})
}

func TestARouteMayTakeLongerThanARequestMayTakeToArrive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, testOptions(), func(s *Server) {
			Handle(s, Route{Method: "POST", Path: "/v1/slow", Class: WebApp, ID: "slow"}, func(ctx context.Context, in *thingIn) (*thingOut, error) {
				select {
				case <-time.After(25 * time.Second):
					return &thingOut{Body: in.Body}, nil
				case <-ctx.Done():
					return nil, context.Cause(ctx)
				}
			})
		})
		assert.Equal(t, 200, b.do(t, post("/v1/slow", `{"name":"tortoise"}`)).StatusCode)
		b.end(t)
	})
}

func TestARouteLearnsThatItsClientWentAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		left := make(chan error, 1)
		b := start(t, testOptions(), func(s *Server) {
			Handle(s, Route{Method: "POST", Path: "/v1/slow", Class: WebApp, ID: "slow"}, func(ctx context.Context, _ *thingIn) (*thingOut, error) {
				<-ctx.Done()
				left <- ctx.Err()
				return nil, ctx.Err()
			})
		})
		conn := b.conns.dial()
		_, err := io.WriteString(conn, post("/v1/slow", `{"name":"hare"}`))
		require.NoError(t, err)
		synctest.Wait()
		require.NoError(t, conn.Close())
		require.ErrorIs(t, <-left, context.Canceled)
		b.end(t)
		assert.NotContains(t, b.log.String(), "level=ERROR", "nobody was refused anything")
		assert.Contains(t, b.log.String(), "code=client_gone")
		assert.EqualValues(t, 1, b.Counts().Of("client_gone"))
		assert.Zero(t, b.Counts().Of("internal_error"))
	})
}

func TestStoppingLetsARunningRequestEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, testOptions(), func(s *Server) {
			Handle(s, Route{Method: "POST", Path: "/v1/slow", Class: WebApp, ID: "slow"}, func(ctx context.Context, in *thingIn) (*thingOut, error) {
				select {
				case <-time.After(3 * time.Second):
				case <-ctx.Done():
				}
				return &thingOut{Body: in.Body}, ctx.Err()
			})
		})
		conn := b.conns.dial()
		_, err := io.WriteString(conn, post("/v1/slow", `{"name":"last"}`))
		require.NoError(t, err)
		synctest.Wait()
		b.stop()
		assert.Equal(t, 200, readAnswer(t, bufio.NewReader(conn)).StatusCode)
		b.end(t)
	})
}

func TestARequestThatOutlastsTheStopIsToldSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, testOptions(), func(s *Server) {
			Handle(s, Route{Method: "POST", Path: "/v1/slow", Class: WebApp, ID: "slow"}, func(ctx context.Context, _ *thingIn) (*thingOut, error) {
				<-ctx.Done()
				return nil, errors.New("card gave up: " + ctx.Err().Error())
			})
		})
		conn := b.conns.dial()
		_, err := io.WriteString(conn, post("/v1/slow", `{"name":"last"}`))
		require.NoError(t, err)
		synctest.Wait()
		b.stop()
		a := readAnswer(t, bufio.NewReader(conn))
		assert.Equal(t, 503, a.StatusCode)
		assert.Equal(t, "agent_stopping", a.code())
		b.end(t)
	})
}

func TestAPanicIsOneProblemAndItsValueIsNotLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, testOptions(), func(s *Server) {
			Handle(s, Route{Method: "GET", Path: "/v1/broken", Class: WebApp, ID: "broken"}, func(context.Context, *struct{}) (*thingOut, error) {
				panic("somebody's name")
			})
		})
		a := b.do(t, request("GET", "/v1/broken", "Origin: "+site))
		assert.Equal(t, 500, a.StatusCode)
		assert.Equal(t, "internal_error", a.code())
		assert.NotContains(t, a.text, "goroutine")
		assert.NotContains(t, b.log.String(), "somebody's name")
		assert.Contains(t, b.log.String(), "server_test.go", "the stack says where it was")
		assert.Equal(t, 200, b.do(t, request("GET", "/healthz")).StatusCode, "the next request is served")
		b.end(t)
	})
}

func TestAPanicInTheMiddleOfAnAnswerBreaksTheConnectionOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, testOptions(), func(s *Server) {
			HandlePage(s, Route{Method: "GET", Path: "/half", Class: Open, Kind: Shell}, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "100")
				_, _ = io.WriteString(w, "half")
				panic("in the middle")
			})
		})
		conn := b.conns.dial()
		defer conn.Close()
		_, err := io.WriteString(conn, request("GET", "/half"))
		require.NoError(t, err)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err == nil {
			_, err = io.ReadAll(res.Body)
		}
		require.ErrorIs(t, err, io.ErrUnexpectedEOF, "nobody takes half for the whole")
		b.end(t)
	})
}

func TestAProblemKeepsItsCauseForTheLogAndShowsItsCode(t *testing.T) {
	p := newProblem(Problems().Find(ErrNotFound), ErrNotFound, English, "ID")
	assert.Equal(t, "not_found", p.Error())
	assert.ErrorIs(t, p, ErrNotFound)
}

func TestACauseThatOnlyACommandLineMeetsIsNoAnswerOverHTTP(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, testOptions(), func(s *Server) {
			Handle(s, Route{Method: "GET", Path: "/v1/port", Class: WebApp, ID: "port"}, func(context.Context, *struct{}) (*thingOut, error) {
				return nil, ErrPortTaken
			})
		})
		a := b.do(t, request("GET", "/v1/port", "Origin: "+site))
		assert.Equal(t, 500, a.StatusCode)
		assert.Equal(t, "internal_error", a.code())
		b.end(t)
	})
}

func TestNoMoreConnectionsAreTakenThanTheCap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := testOptions()
		o.Limits.Connections = 2
		b := start(t, o, nil)
		first, second := b.conns.dial(), b.conns.dial()
		synctest.Wait()
		third := make(chan answer, 1)
		go func() { third <- b.do(t, request("GET", "/healthz")) }()
		synctest.Wait()
		assert.Empty(t, third, "it waits")
		require.NoError(t, first.Close())
		assert.Equal(t, 200, (<-third).StatusCode)
		require.NoError(t, second.Close())
		b.end(t)
	})
}

func TestAServerDoesNotStartWithAFaultyRouteTable(t *testing.T) {
	for name, register := range map[string]func(*Server){
		"twice": func(s *Server) {
			HandlePage(s, Route{Method: "GET", Path: "/", Class: Open, Kind: Shell}, func(http.ResponseWriter, *http.Request) {})
		},
		"no class": func(s *Server) {
			HandlePage(s, Route{Method: "GET", Path: "/other", Kind: Shell}, func(http.ResponseWriter, *http.Request) {})
		},
		"no page": func(s *Server) {
			HandlePage(s, Route{Method: "GET", Path: "/other", Class: Open}, func(http.ResponseWriter, *http.Request) {})
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTestServer(t, testOptions())
			register(s)
			assert.Error(t, s.Serve(t.Context(), &Listeners{}))
		})
	}
}

func TestLimitsBeyondTheRulesAreRefused(t *testing.T) {
	for name, l := range map[string]Limits{
		"headers": {Header: 6 * time.Second}, "request": {Read: 6 * time.Second},
		"header bytes": {HeaderBytes: 17 << 10}, "body": {Body: 64<<10 + 1}, "rate": {Rate: 119},
	} {
		o := testOptions()
		o.Limits = l
		_, err := NewServer(o)
		assert.Error(t, err, name)
	}
}

func TestMoreThanTheRateIsThrottledForAMinuteAndEachOriginForItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const other = "https://other.example.go.th"
		o := testOptions()
		o.Limits.Rate = 120
		o.Origins = fixed{site: {}, other: {}}
		b := start(t, o, nil)
		ask := func(origin string) answer { return b.do(t, request("GET", "/v1/things", "Origin: "+origin)) }
		for range 120 {
			require.Equal(t, 200, ask(site).StatusCode)
		}
		a := ask(site)
		assert.Equal(t, 429, a.StatusCode)
		assert.Equal(t, "throttled", a.code())
		assert.Equal(t, "60", a.Header.Get("Retry-After"))
		assert.Equal(t, "Retry-After", a.Header.Get("Access-Control-Expose-Headers"))
		assert.Empty(t, a.Header.Get("X-RateLimit-Limit"))
		assert.Equal(t, 200, ask(other).StatusCode)
		time.Sleep(2 * time.Minute)
		assert.Equal(t, 200, ask(site).StatusCode)
		b.end(t)
	})
}

func TestARequestThatIsRefusedEarlierCostsNoRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := testOptions()
		o.Limits.Rate = 120
		b := start(t, o, nil)
		for range 200 {
			require.Equal(t, "media_type_refused", b.do(t, request("POST", "/v1/things", "Origin: "+site)).code())
		}
		assert.Equal(t, 200, b.do(t, post("/v1/things", `{"name":"x"}`)).StatusCode)
		b.end(t)
	})
}

func TestAnswersSpeakTheLanguageThatIsAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, testOptions(), nil)
		for asked, want := range map[string]string{
			"": "th", "Accept-Language: en-GB,en;q=0.9": "en", "Accept-Language: th,en": "th",
			"Accept-Language: *": "th", "Accept-Language: ;;;": "th", "Accept-Language: " + strings.Repeat("en,", 200): "th",
		} {
			lines := []string{"Origin: " + site}
			if asked != "" {
				lines = append(lines, asked)
			}
			a := b.do(t, request("POST", "/v1/things", lines...))
			assert.Equal(t, want, a.Header.Get("Content-Language"), asked)
			assert.Contains(t, a.text, Problems().Find(ErrMediaTypeRefused).Title.In(Lang(want)), asked)
		}
		b.end(t)
	})
}
