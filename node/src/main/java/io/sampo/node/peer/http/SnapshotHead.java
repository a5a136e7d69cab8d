package io.sampo.node.peer.http;

import io.sampo.node.peer.wire.FrameException;
import io.sampo.node.peer.wire.MessageDecoder;
import io.sampo.protocol.raftpb.Message;
import java.nio.ByteBuffer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Parts the body of a snapshot: the message's frame at its head, then the database, which flows as
 * it is read. A body that is no such thing is told as such, and what is left of it can be read, so
 * that its sender gets an answer.
 */
final class SnapshotHead extends GraphStage<FlowShape<ByteString, SnapshotHead.Upload>> {

  /**
   * What comes.
   *
   * @param message null if there is none
   * @param damage why there is none
   * @param database what is behind the message; must be run
   */
  record Upload(Message message, String damage, Source<ByteString, NotUsed> database) {}

  private final Inlet<ByteString> in = Inlet.create("snapshot.body");
  private final Outlet<Upload> out = Outlet.create("snapshot.upload");
  private final FlowShape<ByteString, Upload> shape = FlowShape.of(in, out);
  private final int maxMessageBytes;

  SnapshotHead(int maxMessageBytes) {
    this.maxMessageBytes = maxMessageBytes;
  }

  @Override
  public FlowShape<ByteString, Upload> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    private ByteString head = ByteString.emptyByteString();

    Logic() {
      super(shape);
      setHandler(in, new Head());
      setHandler(out, new Demand());
    }

    private void onHead() {
      if (head.size() < Long.BYTES) {
        pull(in);
        return;
      }
      long length = ByteBuffer.wrap(head.take(Long.BYTES).toArrayUnsafe()).getLong();
      if (length < 0 || length > maxMessageBytes) {
        split(null, "rafthttp: error limit exceeded", head);
      } else if (head.size() < Long.BYTES + length) {
        pull(in);
      } else {
        onFrame((int) length + Long.BYTES);
      }
    }

    private void onFrame(int bytes) {
      Message[] message = new Message[1];
      String damage = "a link heartbeat in place of a snapshot";
      try {
        new MessageDecoder(maxMessageBytes).feed(head.take(bytes), decoded -> message[0] = decoded);
      } catch (FrameException e) {
        damage = e.getMessage();
      }
      split(message[0], damage, head.drop(bytes));
    }

    private void split(Message message, String damage, ByteString rest) {
      SubSourceOutlet<ByteString> database = new SubSourceOutlet<>("snapshot.database");
      Body body = new Body(database, rest);
      database.setHandler(new Database(body));
      head = ByteString.emptyByteString();
      setHandler(in, body);
      setHandler(out, new Done());
      // A short body may be here with its end, and whoever wanted the upload goes: what is left is
      // still to be read.
      setKeepGoing(true);
      push(out, new Upload(message, damage, Source.fromGraph(database.source())));
    }

    private final class Demand extends AbstractOutHandler {
      @Override
      public void onPull() {
        pull(in);
      }
    }

    private final class Head extends AbstractInHandler {
      @Override
      public void onPush() {
        head = head.concat(grab(in));
        onHead();
      }

      @Override
      public void onUpstreamFinish() {
        push(out, new Upload(null, head.isEmpty() ? "EOF" : "unexpected EOF", Source.empty()));
        completeStage();
      }
    }

    /** Whoever wanted the upload has it. */
    private final class Done extends AbstractOutHandler {
      @Override
      public void onPull() {}

      @Override
      public void onDownstreamFinish(Throwable cause) {}
    }

    private final class Body extends AbstractInHandler {
      private final SubSourceOutlet<ByteString> database;

      /** Came together with the message. */
      private ByteString rest;

      Body(SubSourceOutlet<ByteString> database, ByteString rest) {
        this.database = database;
        this.rest = rest;
      }

      @Override
      public void onPush() {
        database.push(grab(in));
      }

      void onDemand() {
        if (!rest.isEmpty()) {
          ByteString first = rest;
          rest = ByteString.emptyByteString();
          database.push(first);
          if (isClosed(in)) {
            end();
          }
        } else {
          pull(in);
        }
      }

      private void end() {
        database.complete();
        completeStage();
      }

      @Override
      public void onUpstreamFinish() {
        if (rest.isEmpty()) {
          end();
        }
      }

      @Override
      public void onUpstreamFailure(Throwable failure) {
        database.fail(failure);
        failStage(failure);
      }
    }

    private final class Database extends AbstractOutHandler {
      private final Body body;

      Database(Body body) {
        this.body = body;
      }

      @Override
      public void onPull() {
        body.onDemand();
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        cancelStage(cause);
      }
    }
  }
}
