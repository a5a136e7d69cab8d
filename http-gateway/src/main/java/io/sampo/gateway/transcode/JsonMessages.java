package io.sampo.gateway.transcode;

import com.google.protobuf.Message;
import io.sampo.gateway.json.JsonSyntaxException;
import io.sampo.gateway.json.JsonValues;
import io.sampo.gateway.json.ProtoJsonReader;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * The messages in a request body, as they arrive. Input that is not JSON, or not the message, ends
 * the stream without an error, as in grpc-gateway. What comes after the end is read and thrown
 * away, because giving up the body would close the connection on which the answer is still being
 * written.
 */
final class JsonMessages extends GraphStage<FlowShape<ByteString, Message>> {
  private final Inlet<ByteString> in = Inlet.create("JsonMessages.in");
  private final Outlet<Message> out = Outlet.create("JsonMessages.out");
  private final FlowShape<ByteString, Message> shape = FlowShape.of(in, out);

  private final Message prototype;
  private final BodyLimit limit;
  private final Consumer<Failure> onTooLarge;

  /**
   * @param onTooLarge told once when a message is above the limit; the stream of messages ends
   *     there
   */
  JsonMessages(Message prototype, BodyLimit limit, Consumer<Failure> onTooLarge) {
    this.prototype = prototype;
    this.limit = limit;
    this.onTooLarge = onTooLarge;
  }

  @Override
  public FlowShape<ByteString, Message> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    private final JsonValues values = new JsonValues();
    private boolean refused;

    Logic() {
      super(shape);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              ByteString bytes = grab(in);
              if (isClosed(out) || refused) {
                pull(in);
                return;
              }
              values.append(bytes.toArrayUnsafe());
              emitNext();
            }

            @Override
            public void onUpstreamFailure(Throwable cut) {
              // What came of a body that was cut short counts, as in grpc-gateway.
              onUpstreamFinish();
            }

            @Override
            public void onUpstreamFinish() {
              if (isClosed(out)) {
                completeStage();
              } else if (!refused) {
                emitLast();
              }
            }
          });
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              emitNext();
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
              drain();
            }
          });
    }

    /** Pushes one message if a whole one is there, else asks for more of the body. */
    private void emitNext() {
      try {
        Optional<byte[]> value = values.next();
        if (value.isPresent()) {
          emitMessage(value.get());
        } else if (isClosed(in)) {
          emitLast();
        } else if (values.pendingBytes() > limit.bodyBytes()) {
          refuse(limit.refusal(values.pendingBytes()));
        } else {
          tryPull(in);
        }
      } catch (JsonSyntaxException endOfMessages) {
        end();
      }
    }

    private void emitMessage(byte[] value) throws JsonSyntaxException {
      Message message = ProtoJsonReader.read(value, prototype);
      if (limit.admits(message)) {
        push(out, message);
      } else {
        refuse(limit.refusal(message.getSerializedSize()));
      }
    }

    /** The body has ended: what is left of it, message by message. */
    private void emitLast() {
      if (!isAvailable(out)) {
        return;
      }
      try {
        Optional<byte[]> value = values.next().or(this::lastValue);
        if (value.isPresent()) {
          emitMessage(value.get());
        } else {
          completeStage();
        }
      } catch (JsonSyntaxException endOfMessages) {
        completeStage();
      }
    }

    private Optional<byte[]> lastValue() {
      try {
        return values.last();
      } catch (JsonSyntaxException endOfMessages) {
        return Optional.empty();
      }
    }

    /** The messages do not end here: an end could reach the service before the failure does. */
    private void refuse(Failure failure) {
      refused = true;
      onTooLarge.accept(failure);
      if (!isClosed(in)) {
        drain();
      }
    }

    private void end() {
      complete(out);
      drain();
    }

    private void drain() {
      if (isClosed(in)) {
        completeStage();
      } else if (!hasBeenPulled(in)) {
        pull(in);
      }
    }
  }
}
