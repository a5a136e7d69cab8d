package io.sampo.gateway.transcode;

import com.google.protobuf.Message;
import io.grpc.Status;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.grpc.javadsl.Metadata;

/**
 * Told of every call that reaches its service, as the gRPC server is told of it that etcd's gateway
 * is a client of. Called on any thread.
 */
public interface CallListener {
  /** Listens to nothing. */
  CallListener NONE =
      (method, metadata) ->
          new Call() {
            @Override
            public void received(Message request) {}

            @Override
            public void sent(Message response) {}

            @Override
            public void ended(Status.Code code, String text) {}
          };

  /** One call under way. */
  interface Call {
    void received(Message request);

    void sent(Message response);

    /** Asks the service for the one answer to a request that {@link #received} was told of. */
    default CompletionStage<Message> within(
        Message request, Supplier<CompletionStage<Message>> asked) {
      return asked.get();
    }

    /**
     * Called once.
     *
     * @param text what is wrong; empty if nothing is
     */
    void ended(Status.Code code, String text);
  }

  /**
   * @param method its gRPC path, {@code /package.Service/Method}
   */
  Call begun(String method, Metadata metadata);
}
