package io.sampo.tests.compare;

import com.google.protobuf.Message;
import io.grpc.StatusRuntimeException;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.ServerUnderTest;

/**
 * One of the two servers.
 *
 * @param sessions what steps leave to those behind them
 */
public record Target(ServerUnderTest server, GrpcClient client, Sessions sessions) {

  public Etcd etcd() {
    return new Etcd(client);
  }

  /** A unary call's answer or error as text. */
  String unary(String path, Message request, Message answer) {
    try {
      return Rendering.message(client.call(path, request, answer));
    } catch (StatusRuntimeException e) {
      return Rendering.status(e.getStatus());
    }
  }

  /** A call with one request and many answers as text. */
  String many(String path, Message request, Message answer) {
    try {
      StringBuilder all = new StringBuilder();
      client
          .callForMany(path, request, answer)
          .forEach(one -> all.append(Rendering.message(one)).append("--\n"));
      return all.toString();
    } catch (StatusRuntimeException e) {
      return Rendering.status(e.getStatus());
    }
  }

  /** An HTTP request's status, type and body as text. */
  public String http(String method, String path, String body) {
    return Rendering.http(Http.send(method, server.url() + path, body));
  }
}
