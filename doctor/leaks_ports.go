package doctor

import "github.com/go-json-experiment/json"

// knownPort is a port that card agents use, and what may be asked there.
type knownPort struct {
	number int
	// calls hold no person. The first that gives something away ends the look.
	calls []call
	// unasked are agents of which every known call returns a person. They aren't
	// asked by HEAD or OPTIONS either: a small server takes these for GET, and
	// reads the card.
	unasked []unasked
}

// call is one question to an agent.
type call struct {
	agent string
	path  string
	tls   bool
	// list says whether an answer is this agent's list of readers. Nil: the call
	// is a WebSocket handshake, and its success is the answer.
	list  func(status int, body []byte) bool
	score int
}

// unasked is an agent that is only named. It speaks TLS alone where tls is set.
type unasked struct {
	agent string
	tls   bool
}

// knownPorts are those of thai-id-card §13, in rising order.
var knownPorts = []knownPort{
	{number: 3000},
	{number: 3001},
	{number: 8000, unasked: []unasked{{agent: "ThaiNationalIDCardJson"}}},
	{
		number:  8080,
		calls:   []call{{agent: "cortexcloud go-thai-id-card-reader", path: "/ws", score: 60}},
		unasked: []unasked{{agent: "go-thai-id-reader"}, {agent: "GoLinkage"}},
	},
	{number: 8085},
	{
		number:  8182,
		calls:   []call{{agent: "MEDHIS Centrix", path: "/", score: 70}},
		unasked: []unasked{{agent: "the JSONP agent (read.jsonp)", tls: true}},
	},
	{number: 8189, calls: []call{{agent: "NHSO Secure SmartCard Agent", path: "/api/smartcard/terminals", list: isTerminals, score: 95}}},
	{number: 8765, calls: []call{
		{agent: "pythaiidcard", path: "/ws", score: 80},
		{agent: "pythaiidcard", path: "/api/readers", list: isReaders, score: 90},
	}},
	{number: 9898, calls: goThai(false)},
	{number: 9899, calls: goThai(true)},
	{number: 9982},
	{number: 14820, calls: []call{
		{agent: "IDWAgent", path: "/IDWAgent", score: 95},
		{agent: "TDKWAgent", path: "/TDKWAgent", score: 95},
	}},
	{number: 15399},
	{number: 18442, unasked: []unasked{{agent: "Chaimongkon"}}},
	{number: 18443, unasked: []unasked{{agent: "Chaimongkon", tls: true}}},
}

// LeakPorts are the ports that [Neighbours.Look] looks at, in rising order.
func LeakPorts() []int {
	numbers := make([]int, len(knownPorts))
	for i, p := range knownPorts {
		numbers[i] = p.number
	}
	return numbers
}

// goThai are the calls of go-thai-smartcard and thai-smartcard-nodejs: the socket
// of the one, and the socket.io 2 (Engine.IO 3) of both. Cards are pushed on
// insertion; the connection doesn't wait for one.
func goThai(tls bool) []call {
	return []call{
		{agent: "go-thai-smartcard", path: "/ws", tls: tls, score: 80},
		{agent: "go-thai-smartcard or thai-smartcard-nodejs", path: "/socket.io/?EIO=3&transport=websocket", tls: tls, score: 80},
	}
}

func (p knownPort) agents() []string {
	var names []string
	for _, c := range p.calls {
		if len(names) == 0 || names[len(names)-1] != c.agent {
			names = append(names, c.agent)
		}
	}
	for _, u := range p.unasked {
		names = append(names, u.agent)
	}
	return names
}

// isTerminals: [{"terminalName":…,"isPresent":…}], or one of that agent's errors,
// {status, error, message} with 418 (no reader) or 500.
func isTerminals(status int, body []byte) bool {
	if status == 200 {
		var list []struct {
			Name *string `json:"terminalName"`
		}
		if json.Unmarshal(body, &list) != nil || list == nil {
			return false
		}
		for _, terminal := range list {
			if terminal.Name == nil {
				return false
			}
		}
		return true
	}
	var failure struct {
		Error   *string `json:"error"`
		Message *string `json:"message"`
	}
	return (status == 418 || status == 500) && json.Unmarshal(body, &failure) == nil &&
		failure.Error != nil && failure.Message != nil
}

// isReaders: {"readers":[…],"count":…}.
func isReaders(status int, body []byte) bool {
	var list struct {
		Readers []string `json:"readers"`
		Count   *int     `json:"count"`
	}
	return status == 200 && json.Unmarshal(body, &list) == nil && list.Readers != nil && list.Count != nil
}
