package io.sampo.tests.abuse;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** Transactions by gRPC, each the only operation of the one around it. */
record NestedTransactions(int depth, int connections, Duration limit) implements Abuse {

  @Override
  public String title() {
    return "nested-txn";
  }

  @Override
  public String what() {
    return "gRPC: transactions nested %d deep, %d times".formatted(depth, connections);
  }

  @Override
  public void run(RudeClients clients) throws IOException {
    byte[] message = nested();
    byte[] bytes =
        new FrameBytes()
            .grpcHeaders(1, "/etcdserverpb.KV/Txn")
            .message(1, false, message, true)
            .bytes();
    long deadline = RudeClients.after(limit);
    for (int i = 0; i < connections; i++) {
      clients.connectHttp2().send(bytes, deadline);
    }
    clients.awaitAnswers(deadline);
  }

  /** From the inside; field by field, because protobuf's own builder would count the depth. */
  private byte[] nested() {
    ByteString inner = ByteString.EMPTY;
    for (int i = 0; i < depth; i++) {
      inner =
          field(TxnRequest.SUCCESS_FIELD_NUMBER, field(RequestOp.REQUEST_TXN_FIELD_NUMBER, inner));
    }
    return inner.toByteArray();
  }

  private static ByteString field(int number, ByteString value) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeBytes(number, value);
      out.flush();
      return ByteString.copyFrom(bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
