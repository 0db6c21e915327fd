"""The baseline of bench/server: the two endpoints it measures, as an application of this kind is usually written with
FastAPI and SQLAlchemy: models, schemas, a session per request, synchronous handlers on the framework's threads. Works
on the tables that Parley made and is as durable (SQLite with WAL and synchronous=FULL).

Run by uvicorn, with BENCH_DATABASE (SQLAlchemy's URL) and BENCH_SECRET (of the tokens) in the environment.
"""

import os
from datetime import datetime
from typing import List, Optional

import jwt
from fastapi import Depends, FastAPI, HTTPException, Query
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field
from sqlalchemy import JSON, Boolean, Column, DateTime, ForeignKey, Integer, String, Text, create_engine, event, func
from sqlalchemy.orm import Session, declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

DATABASE = os.environ["BENCH_DATABASE"]
SECRET = os.environ["BENCH_SECRET"]
IS_SQLITE = DATABASE.startswith("sqlite")

# A connection for each of the framework's 40 threads.
engine = create_engine(
    DATABASE, poolclass=QueuePool, pool_size=20, max_overflow=20,
    connect_args={"check_same_thread": False, "timeout": 60} if IS_SQLITE else {},
)
# Opened inside the handlers: as a dependency with `yield`, which ends on a thread of its own, sessions would wait for
# threads and threads for connections as soon as more than 40 requests are under way.
SessionLocal = sessionmaker(autocommit=False, autoflush=False, expire_on_commit=False, bind=engine)
Base = declarative_base()

if IS_SQLITE:

    @event.listens_for(engine, "connect")
    def set_up(connection, _):
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")


class LiveAgentSession(Base):
    __tablename__ = "live_agent_sessions"

    id = Column(String(36), primary_key=True)
    tenant_domain = Column(String(255), nullable=False)
    user_account = Column(String(255), nullable=False)
    user_name = Column(String(255))
    assigned_agent_id = Column(Integer)
    assigned_agent_name = Column(String(255))
    status = Column(String(20), default="pending")
    created_at = Column(DateTime, nullable=False, default=datetime.utcnow)
    updated_at = Column(DateTime, nullable=False, default=datetime.utcnow, onupdate=datetime.utcnow)
    last_message_at = Column(DateTime)
    unread_count_user = Column(Integer, default=0)
    unread_count_agent = Column(Integer, default=0)
    session_metadata = Column("metadata", JSON)


class LiveAgentMessage(Base):
    __tablename__ = "live_agent_messages"

    id = Column(Integer, primary_key=True, autoincrement=True)
    session_id = Column(String(36), ForeignKey("live_agent_sessions.id", ondelete="CASCADE"), nullable=False)
    sender_type = Column(String(10), nullable=False)
    sender_id = Column(String(255))
    sender_name = Column(String(255))
    message_text = Column(Text, nullable=False)
    created_at = Column(DateTime, nullable=False, default=datetime.utcnow)
    read_by_user = Column(Boolean, default=False)
    read_by_agent = Column(Boolean, default=False)
    delivered_at = Column(DateTime)
    read_at = Column(DateTime)
    message_metadata = Column(JSON)


class NewMessage(BaseModel):
    session_id: str
    sender_type: str = Field(regex="^(user|agent)$")
    message_text: str = Field(min_length=1, max_length=10000)
    metadata: Optional[dict] = None


class MessageOut(BaseModel):
    id: int
    session_id: str
    sender_type: str
    sender_id: Optional[str]
    sender_name: Optional[str]
    message_text: str
    created_at: datetime
    read_by_user: bool
    read_by_agent: bool
    delivered_at: Optional[datetime]
    read_at: Optional[datetime]
    message_metadata: Optional[dict]

    class Config:
        orm_mode = True


class MessagePage(BaseModel):
    messages: List[MessageOut]
    total: int
    page: int
    per_page: int


app = FastAPI()
bearer = HTTPBearer()


def get_caller(credentials: HTTPAuthorizationCredentials = Depends(bearer)):
    try:
        return jwt.decode(credentials.credentials, SECRET, algorithms=["HS256"])
    except jwt.PyJWTError:
        raise HTTPException(status_code=401, detail="Invalid token")


def session_for(db: Session, caller: dict, session_id: str):
    session = db.query(LiveAgentSession).filter(LiveAgentSession.id == session_id).first()
    if session is None:
        raise HTTPException(status_code=404, detail="Session not found")
    if session.user_account != caller["email"] or session.tenant_domain != caller["tenant_domain"]:
        raise HTTPException(status_code=403, detail="Access denied")
    return session


@app.get("/healthz")
def healthz():
    return {"status": "ok"}


@app.post("/api/v1/live-agent/messages", response_model=MessageOut, status_code=201)
def send_message(new: NewMessage, caller: dict = Depends(get_caller)):
    with SessionLocal() as db:
        session = session_for(db, caller, new.session_id)
        now = datetime.utcnow()
        session.last_message_at = now
        session.unread_count_agent = LiveAgentSession.unread_count_agent + 1
        db.flush()  # First, because the message's foreign key would lock the session too and deadlock in InnoDB.
        message = LiveAgentMessage(
            session_id=session.id, sender_type=new.sender_type, sender_id=caller["email"], sender_name=caller["name"],
            message_text=new.message_text, created_at=now, delivered_at=now, read_by_user=True, read_by_agent=False,
            message_metadata=new.metadata,
        )
        db.add(message)
        db.commit()
        return message


@app.get("/api/v1/live-agent/messages/{session_id}", response_model=MessagePage)
def list_messages(session_id: str, page: int = Query(1, ge=1), per_page: int = Query(50, ge=1, le=100),
                  caller: dict = Depends(get_caller)):
    with SessionLocal() as db:
        session_for(db, caller, session_id)
        query = db.query(LiveAgentMessage).filter(LiveAgentMessage.session_id == session_id)
        total = query.with_entities(func.count(LiveAgentMessage.id)).scalar()
        newest = query.order_by(LiveAgentMessage.id.desc()).offset((page - 1) * per_page).limit(per_page).all()
        return {"messages": newest[::-1], "total": total, "page": page, "per_page": per_page}
