// Copyright 2026 The Sluice Authors
// SPDX-License-Identifier: Apache-2.0

// Publishes numbered messages, each stored once whatever happens on the way, or
// receives and finishes them. docs/clients.md explains, and tells the story of
// the stream, by whose numbers the comments go.
//
//	example publish ADDRESS TOPIC COUNT
//	example consume ADDRESS TOPIC CHANNEL COUNT
package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"

	pb "sluice.example/sluicev1"
)

const (
	batch    = 100
	ready    = 100              // messages held at once
	patience = 60 * time.Second // for one batch, with all its attempts
)

func connect(address string) *grpc.ClientConn {
	connection, err := grpc.NewClient(address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		// A node that vanished is noticed after 15 s of silence.
		grpc.WithKeepaliveParams(keepalive.ClientParameters{
			Time: 10 * time.Second, Timeout: 5 * time.Second,
			PermitWithoutStream: true}),
		// Room for the largest message and its attributes.
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(64<<20)))
	if err != nil {
		log.Fatal(err)
	}
	return connection
}

// passing tells errors that may pass from those that will not.
func passing(err error) bool {
	switch status.Code(err) {
	case codes.Unavailable, codes.ResourceExhausted, codes.DeadlineExceeded:
		return true
	}
	return false
}

// next doubles a pause, up to a second.
func next(delay time.Duration) time.Duration {
	return min(2*delay, time.Second)
}

// publish sends a batch until it is answered, always under the same request id.
func publish(client pb.PublisherServiceClient, topic string, bodies []string) error {
	id := make([]byte, 16)
	rand.Read(id)
	request := &pb.PublishRequest{Topic: topic, RequestId: hex.EncodeToString(id)}
	for _, body := range bodies {
		request.Messages = append(request.Messages, &pb.Message{Body: []byte(body)})
	}
	deadline := time.Now().Add(patience)
	for delay := 100 * time.Millisecond; ; delay = next(delay) {
		call, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		_, err := client.Publish(call, request)
		cancel()
		if err == nil || !passing(err) || time.Now().After(deadline) {
			return err
		}
		time.Sleep(delay)
	}
}

func publishAll(address, topic string, count int) error {
	client := pb.NewPublisherServiceClient(connect(address))
	var bodies []string
	for i := 0; i < count; i++ {
		bodies = append(bodies, strconv.Itoa(i))
		if len(bodies) < batch && i+1 < count {
			continue
		}
		if err := publish(client, topic, bodies); err != nil {
			return err
		}
		bodies = nil
	}
	fmt.Println(count, "published")
	return nil
}

// consume runs one stream, until it ends or enough different bodies have come.
func consume(client pb.SubscriberServiceClient, open *pb.Open, seen map[string]bool, count int) error {
	call, cancel := context.WithCancel(context.Background())
	defer cancel()
	stream, err := client.Subscribe(call)
	if err != nil {
		return err
	}
	send := func(command *pb.SubscribeRequest) {
		// A failure is the end of the stream, which Recv tells with its reason.
		_ = stream.Send(command)
	}
	closing := &pb.SubscribeRequest{Command: &pb.SubscribeRequest_Close{Close: &pb.Close{}}}
	send(&pb.SubscribeRequest{Command: &pb.SubscribeRequest_Open{Open: open}}) // 1
	for {
		response, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err // 10
		}
		switch event := response.Event.(type) {
		case *pb.SubscribeResponse_Opened: // 2, 3
			send(&pb.SubscribeRequest{Command: &pb.SubscribeRequest_Ready{
				Ready: &pb.Ready{Count: min(ready, event.Opened.MaxReady)}}})
		case *pb.SubscribeResponse_Deliveries: // 4, 5
			done := &pb.Finish{}
			for _, delivery := range event.Deliveries.Deliveries {
				// The work. It must bear repetition: delivery is at least once.
				if body := string(delivery.Body); !seen[body] {
					seen[body] = true
					fmt.Println(body)
				}
				done.DeliveryIds = append(done.DeliveryIds, delivery.DeliveryId)
			}
			send(&pb.SubscribeRequest{Command: &pb.SubscribeRequest_Finish{Finish: done}})
			if len(seen) >= count {
				send(closing) // 8
			}
		case *pb.SubscribeResponse_Draining: // 7
			send(closing)
		}
		// A result (6) says that a finish came too late: the message comes again.
		// After closed (8) the stream ends by itself.
	}
}

func consumeAll(address, topic, channel string, count int) error {
	client := pb.NewSubscriberServiceClient(connect(address))
	open := &pb.Open{Topic: topic, Channel: channel, ClientId: "example", UserAgent: "go"}
	seen := map[string]bool{}
	delay := 100 * time.Millisecond
	for len(seen) < count {
		before := len(seen)
		if err := consume(client, open, seen, count); err != nil {
			log.Print(err)
		}
		if len(seen) > before {
			delay = 100 * time.Millisecond
		}
		if len(seen) < count {
			time.Sleep(delay)
			delay = next(delay)
		}
	}
	return nil
}

func main() {
	args := os.Args
	var err error
	switch {
	case len(args) == 5 && args[1] == "publish":
		count, _ := strconv.Atoi(args[4])
		err = publishAll(args[2], args[3], count)
	case len(args) == 6 && args[1] == "consume":
		count, _ := strconv.Atoi(args[5])
		err = consumeAll(args[2], args[3], args[4], count)
	default:
		log.Fatal("usage: example publish ADDRESS TOPIC COUNT, or consume ADDRESS TOPIC CHANNEL COUNT")
	}
	if err != nil {
		log.Fatal(err)
	}
}
