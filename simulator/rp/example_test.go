package rp_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"chipproof/simulator/rp"
)

func Example() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		fmt.Println(err)
		return
	}
	site, err := rp.New(rp.Options{Origin: "http://localhost:8000", Agent: "http://localhost:8731", Key: key, Clock: time.Now})
	if err != nil {
		fmt.Println(err)
		return
	}
	request := httptest.NewRequest(http.MethodGet, "/jwks.json", nil)
	request.Host = "localhost:8000"
	answer := httptest.NewRecorder()
	site.ServeHTTP(answer, request)
	fmt.Println(answer.Code, answer.Header().Get("Content-Type"))
	fmt.Println(site.ReturnURL())
	// Output:
	// 200 application/jwk-set+json
	// http://localhost:8000/return
}
