/**
 * A plain gRPC client for requests that no stock client can or would send. It knows paths and
 * bytes; retries and reconnects are the test's business.
 */
package io.sampo.tests.grpc;
