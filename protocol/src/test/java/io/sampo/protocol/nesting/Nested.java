package io.sampo.protocol.nesting;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Transactions in transactions, and threads that are deep enough for them. */
public final class Nested {
  private static final int SUCCESS = 2 << 3 | 2;
  private static final int REQUEST_TXN = 4 << 3 | 2;

  private Nested() {}

  /** The bytes of a transaction around so many others, a put in the innermost. */
  public static byte[] txn(int depth) {
    RequestOp put =
        RequestOp.newBuilder()
            .setRequestPut(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("a")))
            .build();
    ByteString bytes = field(SUCCESS, put.toByteString());
    for (int i = 0; i < depth; i++) {
      bytes = field(SUCCESS, field(REQUEST_TXN, bytes));
    }
    return bytes.toByteArray();
  }

  private static ByteString field(int tag, ByteString value) {
    ByteString.Output head = ByteString.newOutput(6);
    head.write(tag);
    int left = value.size();
    for (; left > 0x7f; left >>>= 7) {
      head.write(left & 0x7f | 0x80);
    }
    head.write(left);
    return head.toByteString().concat(value);
  }

  /** What is done on such a thread as a node's workers are. */
  public static <T> T deep(Callable<T> work) throws InterruptedException, ExecutionException {
    FutureTask<T> task = new FutureTask<>(work);
    new Thread(null, task, "deep", NestedMessages.STACK_BYTES).start();
    return task.get();
  }
}
